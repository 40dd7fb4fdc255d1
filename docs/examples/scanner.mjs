#!/usr/bin/env node
// A scanner that publishes its images to Kafka itself.
//
//     node scanner.mjs --patient 4711 --specimen 4711-BM --type BONE_MARROW --kind CELL cell-1.png cell-2.png
//
// Registers the specimen with ingest, which gives codes for the site's identifiers, and publishes each PNG under its id.
// Prints a line of JSON for each; ends with 1 where one was not published. Needs Node 20; `npm install` beside this file.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import avro from 'avsc';
import { Kafka, logLevel } from 'kafkajs';

const text = (value) => ({ type: 'string', ...(value && { default: value }) });
const { values: wanted, positionals: files } = parseArgs({
    allowPositionals: true,
    options: {
        ingest: text('http://127.0.0.1:8081'),
        registry: text('http://127.0.0.1:8085/apis/registry/v3'),
        broker: text('127.0.0.1:8092'),
        patient: text(),
        specimen: text(),
        type: text(),
        kind: text(),
        'pixel-size-um': text(),
        scanner: text(),
        stat: { type: 'boolean', default: false },
    },
});

/** The JSON that an address answers; a body is posted. */
async function ask(url, body) {
    const answer = await fetch(url, {
        method: body ? 'POST' : 'GET',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: body && JSON.stringify(body),
    });
    if (!answer.ok) {
        throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
    }
    return answer.json();
}

/** The PNG without any chunk that decoding does not need: text, EXIF and the like hold identifiers. */
function pixelsOnly(png) {
    const kept = [png.subarray(0, 8)];
    for (let at = 8; at < png.length; ) {
        const end = at + 12 + png.readUInt32BE(at);
        if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(png.toString('latin1', at + 4, at + 8))) {
            kept.push(png.subarray(at, end));
        }
        at = end;
    }
    return Buffer.concat(kept);
}

/** RFC 4648, upper case, unpadded. */
function base32(bytes) {
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    return bits.match(/.{1,5}/g)
        .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five.padEnd(5, '0'), 2)])
        .join('');
}

/** The same bytes for the same specimen are the same image on every machine. */
function imageId(specimenId, image) {
    const hash = createHash('sha256').update(specimenId).update(image).digest();
    return `${specimenId}.${base32(hash.subarray(0, 16))}`;
}

const { patient, specimen, type: specimenType, kind } = wanted;
const { specimenId } = await ask(`${wanted.ingest}/api/v1/specimens`, { patient, specimen, specimenType, kind });

const topic = wanted.stat ? 'smear.images.stat' : 'smear.images';
const { contentId } = await ask(`${wanted.registry}/groups/default/artifacts/${topic}-value/versions/branch=latest`);
const schema = avro.Type.forSchema(await ask(`${wanted.registry}/ids/contentIds/${contentId}`));

/** A zero byte, the content id in four bytes, Avro binary. */
function encoded(record) {
    const header = Buffer.alloc(5);
    header.writeUInt32BE(contentId, 1);
    return Buffer.concat([header, schema.toBuffer(record)]);
}

const producer = new Kafka({ clientId: 'scanner', brokers: [wanted.broker], logLevel: logLevel.ERROR })
    // kafkajs partitions as Java clients do: the same image always goes to the same partition.
    .producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();
let failed = 0;
for (const file of files) {
    try {
        const image = pixelsOnly(readFileSync(file));
        const key = imageId(specimenId, image);
        const value = encoded({
            imageId: key,
            specimenId,
            specimenType,
            kind,
            attempt: 1,
            mediaType: 'image/png',
            widthPx: image.readUInt32BE(16),
            heightPx: image.readUInt32BE(20),
            contentSha256: createHash('sha256').update(image).digest('hex'),
            pixelSizeMicrometres: wanted['pixel-size-um'] ? Number(wanted['pixel-size-um']) : null,
            priority: wanted.stat ? 'STAT' : 'ROUTINE',
            scanner: wanted.scanner ?? null,
            stain: null,
            capturedOn: null,
            receivedAt: Date.now(),
            image,
        });
        // Published only when this comes back: the broker has it on all in-sync replicas.
        const [{ partition, baseOffset }] = await producer.send({ topic, acks: -1, messages: [{ key, value }] });
        console.log(JSON.stringify({ imageId: key, partition, offset: Number(baseOffset) }));
    } catch (error) {
        failed++;
        console.error(`${file} was not published: ${error.message}`);
    }
}
await producer.disconnect();
process.exit(failed ? 1 : 0);
