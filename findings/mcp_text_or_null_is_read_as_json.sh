#!/usr/bin/env bash
# mcp 2.3.0 (PyPI), seen on 2026-12-01 with Python 3.11.
#
# A tool of an MCP server that takes `text: str` gets what the client sent. One that takes `text: str | None`, or any other
# annotation that is not str itself, gets it after json.loads, where it reads as a list, an object or null: the text "null"
# arrives as None, as if nothing had been said, and "[1, 2]" or '{"mood": "calm"}' are refused by the check that follows, "Input
# should be a valid string", though a string was sent. "12", "true" and '"quoted"' arrive as they are, so a test with
# common texts sees nothing; neither does the published schema, which says string or null. One would have expected a string that
# fits the annotation to be left alone.
#
# What follows: a tool that takes words of people or characters declares them `str`, with "" for none. Python can't tell from
# the tool's side what was sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q mcp==2.3.0; } >"$folder/log" 2>&1 ||
  { tail -3 "$folder/log"; exit 2; }
cat >"$folder/finding.py" <<'PY'
import asyncio
import sys

from mcp import Client
from mcp.server import MCPServer

TEXTS = ["Good evening.", "12", "true", '"quoted"', "null", "[1, 2]", '{"mood": "calm"}']
server = MCPServer("room")


@server.tool()
def say(text: str) -> str:
    return repr(text)


@server.tool()
def say_or_not(text: str | None = None) -> str:
    return repr(text)


async def answered(client, tool, text):
    result = await client.call_tool(tool, {"text": text})
    words = result.content[0].text
    if result.is_error:
        return "refused" if "Input should be a valid string" in words else words
    return words


async def main():
    same = True
    async with Client(server) as client:
        schema = next(tool.input_schema for tool in (await client.list_tools()).tools if tool.name == "say_or_not")
        print("published:", schema["properties"]["text"]["anyOf"])
        same &= {"type": "string"} in schema["properties"]["text"]["anyOf"]
        for text in TEXTS:
            plain, other = [await answered(client, tool, text) for tool in ("say", "say_or_not")]
            print(f"{text}: as str {plain}, as str | None {other}")
            same &= plain == repr(text)
            same &= other == {"null": "None", "[1, 2]": "refused", '{"mood": "calm"}': "refused"}.get(text, repr(text))
    print("as before" if same else "CHANGED")
    return not same


sys.exit(asyncio.run(main()))
PY
"$folder/venv/bin/python" "$folder/finding.py"
