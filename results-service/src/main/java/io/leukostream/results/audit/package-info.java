/**
 * The site's key, with which the links of the audit are signed. Whoever can write the topic can compute a chain of hashes
 * anew; without this key, which Kafka never holds, nobody can sign it. The only room that knows keys and signatures.
 */
@NullMarked
package io.leukostream.results.audit;

import org.jspecify.annotations.NullMarked;
