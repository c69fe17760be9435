"""Who may do what: people with roles, their sessions, and the trail of what they did.

acting.require(Right.LAUNCH)      first line of every function that acts; raises RightError
acting.current()                  who acts in this thread or request
users.invite / accept / …         the people of the shop
sign_in.attempt(store, …)         name and password → a session's token, or a refusal
sessions.actor(store, token)      who holds this token
audit.noted(change, …)            what somebody did, chained to the entry before
"""
