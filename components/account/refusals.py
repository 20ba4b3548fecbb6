"""How routes refuse, for the document of the API."""

from pydantic import BaseModel, Field

NOT_SIGNED_IN = {401: {"description": "Nobody is signed in."}}
NOT_FOR_ALL = NOT_SIGNED_IN | {403: {"description": "For organizers only."}}
UNUSABLE = "Something in the request cannot be used; the sentence says what."


class RefusalOut(BaseModel):
    """Why a request was refused."""

    detail: str = Field(description="One sentence for the person who asked.")


def tell_refusals(document: dict) -> dict:
    """Give every refusal in a document of the framework's the body that all of ours have."""
    schemas = document["components"]["schemas"]
    schemas["RefusalOut"] = RefusalOut.model_json_schema()
    # The framework's own, which nobody is sent.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in document["paths"].values():
        for route in path.values():
            for status, answer in route["responses"].items():
                if status >= "400":
                    answer["content"] = {
                        "application/json": {"schema": {"$ref": "#/components/schemas/RefusalOut"}}
                    }
                if status == "422":
                    answer["description"] = UNUSABLE
    return document
