/** What this service says in FHIR, held to FHIR's own definitions by HAPI's validator. */
@NullMarked
package io.leukostream.results.fhir;

import org.jspecify.annotations.NullMarked;
