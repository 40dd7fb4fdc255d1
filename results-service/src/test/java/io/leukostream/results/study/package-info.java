@org.jspecify.annotations.NullMarked
package io.leukostream.results.study;
