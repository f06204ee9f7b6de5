using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.HyperDht.Churn;

/// <summary>A node that comes and goes, of either implementation. Every operation throws when it fails.</summary>
internal interface IChurnNode
{
    /// <summary>Which implementation: the name that tables show.</summary>
    string Kind { get; }

    KeyPair Keys { get; }

    Task AnnounceAsync(Bytes32 topic);

    Task<IReadOnlyCollection<PublicKey>> LookupAsync(Bytes32 topic);

    Task<Bytes32> PutImmutableAsync(byte[] value);

    Task<byte[]?> GetImmutableAsync(Bytes32 hash);

    Task PutMutableAsync(ulong sequence, byte[] value);

    Task<byte[]?> GetMutableAsync(PublicKey key);

    /// <summary>Connects to a key, sends so many bytes and compares what comes back.</summary>
    Task EchoAsync(PublicKey server, int bytes);

    /// <summary>Leaves the network; without grace, as a crash would.</summary>
    Task StopAsync(bool isGraceful);
}

/// <summary>An operation did not give what it should.</summary>
internal sealed class ChurnException(string message) : Exception(message);
