package io.leukostream.results.instances;

import io.leukostream.results.topology.LocalStores;
import io.leukostream.results.topology.StoreQuestion;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Answers the other instances from the stores of this one, and from nothing else, so that no question is passed on twice.
 * On virtual threads: two instances whose workers all wait for each other would otherwise wait in vain.
 */
@Path(StoresResource.PATH)
@Produces(MediaType.APPLICATION_OCTET_STREAM)
@RunOnVirtualThread
public class StoresResource {
    static final String PATH = "/internal/stores";
    static final String KEYS = "keys";
    static final String PREFIX = "prefix";
    static final String PARTITIONS = "partitions";

    private final LocalStores stores;

    StoresResource(LocalStores stores) {
        this.stores = stores;
    }

    /** Entries by their keys. */
    @GET
    @Path("{store}/" + KEYS)
    @Operation(hidden = true)
    public byte[] keys(@PathParam("store") String store, @QueryParam("key") List<String> keys) {
        return answer(() -> new StoreQuestion.Keys(store, keys));
    }

    /** Entries by the beginning of their keys. */
    @GET
    @Path("{store}/" + PREFIX)
    @Operation(hidden = true)
    public byte[] prefix(@PathParam("store") String store, @QueryParam("prefix") @DefaultValue("") String prefix) {
        return answer(() -> new StoreQuestion.Prefix(store, prefix));
    }

    /** Entries of whole partitions. */
    @GET
    @Path("{store}/" + PARTITIONS)
    @Operation(hidden = true)
    public byte[] partitions(
            @PathParam("store") String store,
            @QueryParam("partition") List<Integer> partitions,
            @QueryParam("from") @DefaultValue("") String from) {
        return answer(() -> new StoreQuestion.Partitions(store, new TreeSet<>(partitions), from));
    }

    private byte[] answer(Supplier<StoreQuestion> asked) {
        StoreQuestion question;
        try {
            question = asked.get();
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(e.getMessage(), e);
        }
        if (!stores.knows(question.store())) {
            throw new NotFoundException();
        }
        return stores.answer(question);
    }
}
