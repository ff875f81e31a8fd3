"""How the edge asks origins: by URL or from a folder, over several hosts, with retries."""

from prefetchrouter.edge.origins.folder_place import FolderPlace
from prefetchrouter.edge.origins.origins import Origins
from prefetchrouter.edge.origins.place import Place
from prefetchrouter.edge.origins.url_place import UrlPlace

__all__ = ["FolderPlace", "Origins", "Place", "UrlPlace"]
