"""How routes answer who may not ask, for the document of the API."""

NOT_SIGNED_IN = {401: {"description": "Nobody is signed in."}}
NOT_FOR_ALL = NOT_SIGNED_IN | {403: {"description": "For organizers only."}}
