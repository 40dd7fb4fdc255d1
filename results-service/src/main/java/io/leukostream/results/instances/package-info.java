/**
 * How instances of this service ask one another over HTTP. Internal: the addresses are no contract, are not in the OpenAPI
 * document and only read. Which instance is asked, and whether it may answer, is decided in {@code topology}.
 */
@NullMarked
package io.leukostream.results.instances;

import org.jspecify.annotations.NullMarked;
