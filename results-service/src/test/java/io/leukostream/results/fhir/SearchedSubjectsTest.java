package io.leukostream.results.fhir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every legal spelling of a subject finds its patient, and what is not understood is refused, never answered with nothing. */
class SearchedSubjectsTest {
    private static final String BASE = "http://127.0.0.1:8080/fhir/";

    private static SearchedSubjects of(boolean strict, String... namesAndValues) throws Exception {
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        for (int k = 0; k < namesAndValues.length; k += 2) {
            parameters.add(namesAndValues[k], namesAndValues[k + 1]);
        }
        return SearchedSubjects.of(
                "DiagnosticReport", parameters, List.of(BASE, "https://leuko.example/fhir/"), strict);
    }

    @Test
    void everySpellingNamesThePatient() throws Exception {
        for (String value : List.of(
                "P-AAAA1111",
                "Patient/P-AAAA1111",
                BASE + "Patient/P-AAAA1111",
                "https://leuko.example/fhir/Patient/P-AAAA1111")) {
            for (String name : List.of("subject", "patient", "subject:Patient", "patient:Patient")) {
                assertEquals(Set.of("P-AAAA1111"), of(true, name, value).codes(), name + "=" + value);
            }
        }
    }

    @Test
    void commasMeanAnyOfThemAndRepetitionAllOfThem() throws Exception {
        assertEquals(
                Set.of("P-AAAA1111", "P-BBBB2222"),
                of(true, "subject", "P-AAAA1111,Patient/P-BBBB2222").codes());
        assertEquals(
                Set.of("P-BBBB2222"),
                of(true, "subject", "P-AAAA1111,P-BBBB2222", "subject", "P-BBBB2222,P-CCCC3333")
                        .codes());
        assertEquals(
                Set.of(),
                of(true, "subject", "P-AAAA1111", "patient", "P-BBBB2222").codes());
    }

    @Test
    void whatIsNotUnderstoodOfASubjectIsRefused() {
        for (String value : List.of(
                "http://other.example/fhir/Patient/P-AAAA1111",
                "Group/P-AAAA1111",
                "MRN-4711",
                "P-AAAA1111,",
                "urn:uuid:1")) {
            assertThrows(SearchedSubjects.RefusedException.class, () -> of(false, "subject", value), value);
        }
        for (String name : List.of("subject:identifier", "subject.name", "patient:missing", "subject:Group")) {
            assertThrows(SearchedSubjects.RefusedException.class, () -> of(false, name, "P-AAAA1111"), name);
        }
        assertThrows(SearchedSubjects.MissingException.class, () -> of(false, "subject", " "));
        assertThrows(SearchedSubjects.MissingException.class, () -> of(false));
    }

    @Test
    void otherParametersAreLeftOutAndNamedOrRefusedWhereTheSearchIsStrict() throws Exception {
        SearchedSubjects lenient = of(false, "subject", "P-AAAA1111", "status", "final");
        assertEquals(List.of("status"), lenient.ignored());
        assertEquals(BASE + "DiagnosticReport?subject=P-AAAA1111", lenient.self());
        assertThrows(
                SearchedSubjects.RefusedException.class, () -> of(true, "subject", "P-AAAA1111", "status", "final"));
    }
}
