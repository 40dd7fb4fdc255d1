package io.leukostream.results.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One memory for all stores of this process. Each partition of each store is a RocksDB of its own, more than a hundred of
 * them, and by default each may take 100 MB; here they share {@value #CACHE_BYTES} bytes, of which at most {@value
 * #WRITE_BYTES} hold what is not on disk yet. Blocks are compressed: the ids of an image's cells are nearly the same.
 * Streams makes one for each store; what they share lives as long as the process.
 */
public final class SharedStoreMemory implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 192L << 20;
    private static final long WRITE_BYTES = 96L << 20;
    private static final int BUFFER_BYTES = 8 << 20;

    private static final Cache CACHE = new LRUCache(CACHE_BYTES);
    private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITES);
        options.setWriteBufferSize(BUFFER_BYTES);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    /** Nothing: what is shared outlives each store. */
    @Override
    public void close(String storeName, Options options) {}
}
