"""The Python client: take part in a room of a running server.

    async with openroom.client.connect("http://127.0.0.1:8200", "tea_room", name="Ann") as me:
        await me.say("Hello")
        async for event in me.events():
            print(event["seq"], event.get("text"))

A connection that breaks is made again and resumes with exactly the gap; acts under way are sent again under the same
id, which makes that harmless.
"""

from openroom.client.backoff import Backoff
from openroom.client.member import Member, connect
from openroom.errors import RefusedError

__all__ = ["Backoff", "Member", "RefusedError", "connect"]
