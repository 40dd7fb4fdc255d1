/**
 * Runs the whole system on one machine: broker, registry and the three services as child processes, each brought back
 * alone when it dies, all ended when the supervisor is gone.
 */
@NullMarked
package io.leukostream.standalone.supervisor;

import org.jspecify.annotations.NullMarked;
