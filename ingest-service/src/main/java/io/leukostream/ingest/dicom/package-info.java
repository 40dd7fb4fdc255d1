/**
 * The door for scanners and archives that speak DICOM: an Orthanc receives, and its list of changes is followed from a
 * place that the vault's database keeps. The only room that knows an HTTP client and what DICOM's attributes mean. What
 * decides about an image is the same {@code Intake} that the other doors ask.
 *
 * <p>The place moves on when every instance before it was accepted or refused, so that a kill of either side leaves no
 * gap; what is read twice has the same bytes, and so is the same image. Of an instance only pixels and the fields of the
 * form are used. Attributes, Orthanc's ids (hashes of DICOM's) and its error messages hold identifiers: none is logged.
 */
@NullMarked
package io.leukostream.ingest.dicom;

import org.jspecify.annotations.NullMarked;
