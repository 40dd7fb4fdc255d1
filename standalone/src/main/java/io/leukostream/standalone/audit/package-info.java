/**
 * Proves a patient's audit from the topic alone: numbers, hashes, the hash of the link before, the site's signature, and
 * heads that were kept elsewhere. Trusts no service; a change made behind the services' back is named by its exact place.
 */
@NullMarked
package io.leukostream.standalone.audit;

import org.jspecify.annotations.NullMarked;
