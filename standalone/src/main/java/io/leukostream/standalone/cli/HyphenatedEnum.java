package io.leukostream.standalone.cli;

import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.SpecimenType;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads words such as {@code bone-marrow} as the constants that they mean. */
final class HyphenatedEnum {
    private HyphenatedEnum() {}

    /** For {@code --specimen-type}. */
    static final class OfSpecimenType implements ITypeConverter<SpecimenType> {
        @Override
        public SpecimenType convert(String word) {
            return constant(SpecimenType.class, word);
        }
    }

    /** For {@code --kind}. */
    static final class OfImageKind implements ITypeConverter<ImageKind> {
        @Override
        public ImageKind convert(String word) {
            return constant(ImageKind.class, word);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + word + "' is none of the known words");
        }
    }
}
