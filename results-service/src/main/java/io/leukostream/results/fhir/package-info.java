/** The verdict as HL7 FHIR R4, for systems that speak it; the only room that knows HAPI. */
@NullMarked
package io.leukostream.results.fhir;

import org.jspecify.annotations.NullMarked;
