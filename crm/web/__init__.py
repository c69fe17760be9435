"""The ASGI application around the screens: server, routes, the door, uploads, hooks.

server.around()   what app.py launches
"""
