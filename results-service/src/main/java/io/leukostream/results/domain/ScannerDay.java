package io.leukostream.results.domain;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What one scanner made of one specimen on one day.
 *
 * @param scanner the site's alias; null where it was not stated
 * @param day UTC day on which the images were received
 */
public record ScannerDay(@Nullable String scanner, LocalDate day, String specimenId, ScannerFigures figures) {}
