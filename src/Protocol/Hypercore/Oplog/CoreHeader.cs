using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>One local key and its value; never replicated.</summary>
public sealed record UserDataItem(string Key, ReadOnlyMemory<byte> Value);

/// <summary>A past change of fork, kept as a hint.</summary>
public sealed record ReorgHint(long FromFork, long ToFork, long Ancestors);

/// <summary>Where in the file <c>header</c> the header stands once it is too long for a slot.</summary>
internal sealed record ExternalHeader(long Start, long Length);

/// <summary>The public key that a header names, and the secret half when this is the writer.</summary>
internal sealed record HeaderKeyPair(PublicKey PublicKey, KeyPair? Pair);

/// <summary>Everything about a core that is not in the tree, bitfield or data file (reference 2.2).</summary>
internal sealed record CoreHeader
{
    internal ExternalHeader? External { get; init; }

    internal CoreKey Key { get; init; }

    internal Manifest? Manifest { get; init; }

    internal HeaderKeyPair? KeyPair { get; init; }

    internal ImmutableArray<UserDataItem> UserData { get; init; } = [];

    internal long Fork { get; init; }

    internal long Length { get; init; }

    /// <summary>Null before the first append.</summary>
    internal Bytes32? RootHash { get; init; }

    internal ReadOnlyMemory<byte> Signature { get; init; }

    internal ImmutableArray<ReorgHint> Reorgs { get; init; } = [];

    internal long ContiguousLength { get; init; }
}
