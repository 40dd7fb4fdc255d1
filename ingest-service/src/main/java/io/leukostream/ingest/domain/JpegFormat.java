package io.leukostream.ingest.domain;

import java.nio.ByteOrder;

/** JPEG (ITU-T T.81): segments with their lengths, scans of entropy-coded data between them, EOI last. */
final class JpegFormat implements FileFormat {
    @Override
    public MediaType mediaType() {
        return MediaType.JPEG;
    }

    @Override
    public boolean recognises(FileBytes file) {
        return file.has(0, JpegSegments.MARKER, JpegSegments.SOI, JpegSegments.MARKER);
    }

    @Override
    public PixelSize size(FileBytes file) throws DefectException {
        int at = 2;
        while (true) {
            at = JpegSegments.markerAt(file, at);
            int marker = file.at(at);
            if (JpegSegments.isFrame(marker)) {
                return PixelSize.of(file.u16(at + 6L, ByteOrder.BIG_ENDIAN), file.u16(at + 4L, ByteOrder.BIG_ENDIAN));
            }
            if (marker == JpegSegments.SOS || marker == JpegSegments.EOI) {
                throw DefectException.unreadable("The file has no frame header before its first scan.");
            }
            at = JpegSegments.afterSegment(file, at, marker);
        }
    }

    @Override
    public void requireWhole(FileBytes file) throws DefectException {
        int at = 2;
        int scans = 0;
        while (true) {
            at = JpegSegments.markerAt(file, at);
            int marker = file.at(at);
            if (marker == JpegSegments.EOI) {
                return;
            }
            at = JpegSegments.afterSegment(file, at, marker);
            if (marker == JpegSegments.SOS) {
                JpegSegments.requireFew(++scans);
                at = JpegSegments.afterScan(file, at);
            }
        }
    }
}
