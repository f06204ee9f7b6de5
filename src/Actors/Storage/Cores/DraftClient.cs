using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>A draft of a core actor as tasks, for the command line and tests.</summary>
public sealed class DraftClient
{
    private readonly CoreClient _core;
    private readonly long _draft;

    private DraftClient(CoreClient core, long draft) => (_core, _draft) = (core, draft);

    /// <summary>Begins behind the core's last block, or where told.</summary>
    public static async Task<DraftClient> BeginAsync(CoreClient core, DraftStart start = DraftStart.Present, long? checkout = null)
        => new(core, (await core.AskAsync<DraftProtocol.Begun>(new DraftProtocol.Begin(0, start, checkout)).ConfigureAwait(false)).Draft);

    public Task<DraftProtocol.State> AppendAsync(params IReadOnlyList<ReadOnlyMemory<byte>> blocks)
        => _core.AskAsync<DraftProtocol.State>(new DraftProtocol.Append(0, _draft, blocks));

    public Task<DraftProtocol.State> TruncateAsync(long length)
        => _core.AskAsync<DraftProtocol.State>(new DraftProtocol.Truncate(0, _draft, length));

    public Task<DraftProtocol.State> GetStateAsync() => _core.AskAsync<DraftProtocol.State>(new DraftProtocol.GetState(0, _draft));

    /// <summary>Null when the block is in neither the draft nor the core.</summary>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(long index)
        => (await _core.AskAsync<CoreProtocol.Block>(new DraftProtocol.GetBlock(0, _draft, index)).ConfigureAwait(false)).Bytes;

    /// <summary>The state of the core once the draft, up to a length, is part of it and on disk.</summary>
    public async Task<MerkleTree> FlushAsync(long? length = null, ReadOnlyMemory<byte>? signature = null)
        => (await _core.AskAsync<CoreProtocol.Done>(new DraftProtocol.Flush(0, _draft, length) { Signature = signature }).ConfigureAwait(false)).Tree;

    /// <summary>Stores the blocks; a draft that is restored later has them, and can be flushed with signatures.</summary>
    public Task KeepAsync() => _core.AskAsync<CoreProtocol.Done>(new DraftProtocol.Flush(0, _draft) { IsUnsigned = true });

    public Task CloseAsync() => _core.AskAsync<DraftProtocol.Closed>(new DraftProtocol.Close(0, _draft));
}
