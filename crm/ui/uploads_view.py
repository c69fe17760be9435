"""Import page: what is no order file (dossiers, consents, reviews and inquiries) in words."""

from crm.ui.words import _


def reasons() -> list[str]:
    """Why a row of such a file is not taken over; listed here so that it is translated."""
    return [
        _("There is no account, clear phone number or valid e-mail address by which this person could be known."),
        _("This is not a birthday."),
        _("This is not a gender."),
        _("This is not an age."),
        _("This is neither a yes nor a no."),
        _("This is not a channel (e-mail, SMS or call)."),
        _("There is no address for this channel."),
        _("This is no review, inquiry or dispute that we know."),
    ]
