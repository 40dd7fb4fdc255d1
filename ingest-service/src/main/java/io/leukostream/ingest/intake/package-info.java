/**
 * The order of an acceptance: inspect → sanitise → vault → specimen record → image → receipt → mark. Whatever is killed between
 * two steps, the sender was not answered and sends again, and the id makes both one image.
 */
@NullMarked
package io.leukostream.ingest.intake;

import org.jspecify.annotations.NullMarked;
