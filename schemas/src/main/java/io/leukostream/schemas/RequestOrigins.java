package io.leukostream.schemas;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests that a service may answer from those that another site's page makes a browser send. Two things are held
 * against it: the name that the service is asked under, because a page can let its own name mean this machine (DNS
 * rebinding), and where a request that changes something comes from. Programs that are no browser state neither an origin
 * nor a referrer and are not concerned.
 *
 * <p>A name is allowed that means this machine, that is an address, or that was configured. An address cannot be rebound.
 */
public final class RequestOrigins {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Set<String> names;
    private final Set<String> pages;

    /** Why a request is refused. */
    public enum Refusal {
        /** The service is asked under a name that is not its own. */
        HOST_NOT_ALLOWED,
        /** A page of another site sent it. */
        CROSS_SITE,
        /** It has a body and does not say of what type. */
        UNTYPED_BODY
    }

    /**
     * What of a request is looked at.
     *
     * @param path probes and metrics are asked for under whatever name an orchestrator has for an instance, and tell nothing
     *     of a patient
     * @param authority host and port that it is asked under; null where it states none
     */
    public record Head(
            String method,
            String path,
            @Nullable String authority,
            @Nullable String origin,
            @Nullable String referer,
            @Nullable String secFetchSite,
            @Nullable String contentType,
            boolean hasBody) {}

    /**
     * Allows these names beside loopback and addresses.
     *
     * @param names host names, without port
     * @param pages host and port of addresses under which people see this service's own pages, where a proxy asks it under
     *     another name
     */
    public RequestOrigins(Collection<String> names, Collection<String> pages) {
        this.pages = pages.stream().map(page -> page.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.names = Stream.concat(LOOPBACK.stream(), names.stream())
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why the request is refused; empty where it is not. */
    public Optional<Refusal> refusal(Head head) {
        String authority = head.authority() == null ? "" : head.authority().toLowerCase(Locale.ROOT);
        String name = name(authority);
        if (!isProbe(head.path())
                && !names.contains(name)
                && !ADDRESS.matcher(name).matches()) {
            return Optional.of(Refusal.HOST_NOT_ALLOWED);
        }
        if (SAFE.contains(head.method())) {
            return Optional.empty();
        }
        if (head.secFetchSite() != null && !OWN_SITES.contains(head.secFetchSite())) {
            return Optional.of(Refusal.CROSS_SITE);
        }
        String from = head.origin() != null ? head.origin() : head.referer();
        if (from != null && !isOwn(authorityOf(from), authority)) {
            return Optional.of(Refusal.CROSS_SITE);
        }
        return head.hasBody()
                        && (head.contentType() == null || head.contentType().isBlank())
                ? Optional.of(Refusal.UNTYPED_BODY)
                : Optional.empty();
    }

    private boolean isOwn(String page, String authority) {
        return page.equals(authority) || pages.contains(page);
    }

    private static boolean isProbe(String path) {
        return path.equals("/q/metrics") || path.equals("/q/health") || path.startsWith("/q/health/");
    }

    private static String name(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    /** Host and port of a URL as a browser writes it; nothing for an opaque origin. */
    private static String authorityOf(String url) {
        try {
            String authority = URI.create(url).getRawAuthority();
            return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
