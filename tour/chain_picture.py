"""How chains are drawn as a picture (to come)."""
from typing import Any
def picture(chains: Any, script: str) -> Any:
    raise NotImplementedError
