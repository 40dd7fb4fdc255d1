/**
 * The lists that a person works through: all patients by severity, all alerts by urgency. Every instance keeps both whole
 * and in order in memory, from the topics {@code patient.verdicts} and {@code hematology.alerts}, so that a page of them
 * costs no walk over stores and no question to other instances.
 */
@NullMarked
package io.leukostream.results.worklist;

import org.jspecify.annotations.NullMarked;
