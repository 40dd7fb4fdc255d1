/**
 * How the pipeline does just now: what waits in front of inference, how fast outcomes come, and how long an image takes.
 * These are figures for whoever is on call; no verdict depends on them.
 */
@NullMarked
package io.leukostream.results.pipeline;

import org.jspecify.annotations.NullMarked;
