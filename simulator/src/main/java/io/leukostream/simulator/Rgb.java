package io.leukostream.simulator;

/**
 * One number per channel. Colours are natural logarithms of levels 0..255 and dyes are what they take from that, so that
 * light through two layers is a sum (Beer and Lambert).
 */
record Rgb(double red, double green, double blue) {
    static final Rgb ZERO = new Rgb(0, 0, 0);

    /** The logarithm of a colour given as levels. */
    static Rgb ofLevels(double red, double green, double blue) {
        return new Rgb(StrictMath.log(red), StrictMath.log(green), StrictMath.log(blue));
    }

    Rgb plus(Rgb other) {
        return new Rgb(red + other.red, green + other.green, blue + other.blue);
    }

    Rgb minus(Rgb other) {
        return plus(other.times(-1));
    }

    Rgb times(double factor) {
        return new Rgb(red * factor, green * factor, blue * factor);
    }
}
