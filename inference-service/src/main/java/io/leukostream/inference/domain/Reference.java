package io.leukostream.inference.domain;

import java.util.List;

/**
 * The subjects of known truth that a specimen of one kind and specimen type can be compared with.
 *
 * @param subjects each once; their order is the bundle's
 */
public record Reference(Kind kind, SpecimenType specimenType, List<ReferenceSubject> subjects) {
    public Reference {
        subjects = List.copyOf(subjects);
        if (subjects.isEmpty()) {
            throw new IllegalArgumentException("no reference subjects for " + kind + " of " + specimenType);
        }
        List<String> names = subjects.stream().map(ReferenceSubject::subject).toList();
        if (names.stream().distinct().count() != names.size()) {
            throw new IllegalArgumentException("a reference subject is listed twice: " + names);
        }
    }
}
