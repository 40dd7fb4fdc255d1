/** What is written in YAML is held against the Java that it must agree with, since no cluster checks it here. */
package io.leukostream.deployment;
