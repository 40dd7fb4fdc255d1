#!/usr/bin/env python3
"""A scanner that publishes its images to Kafka itself.

    scanner.py --patient 4711 --specimen 4711-BM --type BONE_MARROW --kind CELL cell-1.png cell-2.png

Registers the specimen with ingest, which gives codes for the site's identifiers, and publishes each image under its id.
Prints a line of JSON for each; ends with 1 where one was not published. Needs Debian's python3-confluent-kafka,
python3-avro and python3-pil.
"""

import argparse
import base64
import datetime
import hashlib
import io
import json
import struct
import sys
import urllib.request

import avro.io
import avro.schema
from confluent_kafka import Producer
from PIL import Image

LARGEST_RECORD_BYTES = 26_214_400


def ask(url, body=None):
    """The JSON that an address answers; a body is posted."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", "Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def pixels_only(path):
    """The picture as a PNG without anything else: EXIF, comments and the like hold identifiers. Also its size."""
    with Image.open(path) as picture:
        # Not turned as EXIF says, as ingest does not either.
        picture = picture.convert("RGB")
        # A new picture has none of what the file said besides its pixels.
        bare = Image.new("RGB", picture.size)
        bare.paste(picture)
        png = io.BytesIO()
        bare.save(png, "PNG")
        return png.getvalue(), picture.width, picture.height


def image_id(specimen_id, image):
    """The same bytes for the same specimen are the same image on every machine."""
    first = hashlib.sha256(specimen_id.encode() + image).digest()[:16]
    return specimen_id + "." + base64.b32encode(first).decode().rstrip("=")


class Registry:
    """The newest schema of a topic's values, and its id, which stands before each value."""

    def __init__(self, url, topic):
        newest = ask(f"{url}/groups/default/artifacts/{topic}-value/versions/branch=latest")
        self.content_id = newest["contentId"]
        self.schema = avro.schema.parse(json.dumps(ask(f"{url}/ids/contentIds/{self.content_id}")))

    def encoded(self, record):
        """A zero byte, the content id in four bytes, Avro binary."""
        value = io.BytesIO()
        value.write(struct.pack(">bI", 0, self.content_id))
        avro.io.DatumWriter(self.schema).write(record, avro.io.BinaryEncoder(value))
        return value.getvalue()


def main():
    arguments = argparse.ArgumentParser(description="Publishes images to Kafka.")
    arguments.add_argument("--ingest", default="http://127.0.0.1:8081")
    arguments.add_argument("--registry", default="http://127.0.0.1:8085/apis/registry/v3")
    arguments.add_argument("--broker", default="127.0.0.1:8092")
    arguments.add_argument("--patient", required=True, help="the site's identifier; stays in the vault")
    arguments.add_argument("--specimen", required=True, help="the site's identifier; stays in the vault")
    arguments.add_argument("--type", required=True, choices=["BONE_MARROW", "PERIPHERAL_BLOOD"])
    arguments.add_argument("--kind", required=True, choices=["CELL", "FIELD"])
    arguments.add_argument("--pixel-size-um", type=float)
    arguments.add_argument("--scanner", help="an alias, never a serial number")
    arguments.add_argument("--stat", action="store_true")
    arguments.add_argument("files", nargs="+")
    wanted = arguments.parse_args()

    codes = ask(
        wanted.ingest + "/api/v1/specimens",
        {"patient": wanted.patient, "specimen": wanted.specimen, "specimenType": wanted.type, "kind": wanted.kind},
    )
    topic = "smear.images.stat" if wanted.stat else "smear.images"
    registry = Registry(wanted.registry, topic)
    producer = Producer(
        {
            "bootstrap.servers": wanted.broker,
            "acks": "all",
            "enable.idempotence": True,
            # As Java clients do: the same image always goes to the same partition.
            "partitioner": "murmur2_random",
            "message.max.bytes": LARGEST_RECORD_BYTES,
        }
    )
    failed = []
    for path in wanted.files:
        image, width, height = pixels_only(path)
        name = image_id(codes["specimenId"], image)
        record = {
            "imageId": name,
            "specimenId": codes["specimenId"],
            "specimenType": wanted.type,
            "kind": wanted.kind,
            "attempt": 1,
            "mediaType": "image/png",
            "widthPx": width,
            "heightPx": height,
            "contentSha256": hashlib.sha256(image).hexdigest(),
            "pixelSizeMicrometres": wanted.pixel_size_um,
            "priority": "STAT" if wanted.stat else "ROUTINE",
            "scanner": wanted.scanner,
            "stain": None,
            "capturedOn": None,
            "receivedAt": datetime.datetime.now(datetime.timezone.utc),
            "image": image,
        }

        def told(error, message, path=path, name=name):
            # Published only now: the broker has it on all in-sync replicas. Until then it stays with the scanner.
            if error is None:
                print(json.dumps({"imageId": name, "partition": message.partition(), "offset": message.offset()}))
            else:
                failed.append(path)
                print(f"{path} was not published: {error}", file=sys.stderr)

        producer.produce(topic, key=name, value=registry.encoded(record), on_delivery=told)
        producer.poll(0)
    left = producer.flush(120)
    return 1 if failed or left else 0


if __name__ == "__main__":
    sys.exit(main())
