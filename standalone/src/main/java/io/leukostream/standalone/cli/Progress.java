package io.leukostream.standalone.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How commands show what they are at: on standard error, so that standard output can be piped. */
final class Progress {
    private Progress() {}

    static ProgressBar bar(String task, long images) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(images)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .build();
    }
}
