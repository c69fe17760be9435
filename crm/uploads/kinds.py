"""The kinds of files there are besides orders, in the order in which a header is compared with them."""

from crm.uploads import consents, people, products, rates, touches
from crm.uploads.upload import Upload

ORDERS = "orders"
KINDS: dict[str, Upload] = {
    upload.name: upload for upload in (consents.UPLOAD, touches.UPLOAD, people.UPLOAD, products.UPLOAD, rates.UPLOAD)
}
