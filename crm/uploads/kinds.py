"""The kinds of files there are besides orders, in the order in which a header is compared with them."""

from crm.uploads import people, products
from crm.uploads.upload import Upload

ORDERS = "orders"
KINDS: dict[str, Upload] = {upload.name: upload for upload in (people.UPLOAD, products.UPLOAD)}
