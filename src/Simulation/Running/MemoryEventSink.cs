using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>Keeps an event log in memory; its digest is the BLAKE2b hash of the batches one after the other.</summary>
public sealed class MemoryEventSink : IEventSink
{
    private readonly List<byte[]> _batches = [];
    private readonly Blake2bHasher _hasher = new Blake2bHasher().Start();

    public IReadOnlyList<byte[]> Batches => _batches;

    public void Append(byte[] batch)
    {
        _batches.Add(batch);
        _hasher.Add(batch);
    }

    public string Seal(ulong events) => _hasher.Finish256().ToHex();
}
