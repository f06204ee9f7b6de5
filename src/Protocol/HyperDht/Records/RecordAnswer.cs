using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>A storage command as it arrived; a token that is present has been found valid for the sender.</summary>
public readonly record struct RecordRequest(HyperDhtCommand Command, Bytes32? Target, Bytes32? Token, ReadOnlyMemory<byte>? Value, PeerAddress From);

/// <summary>What a node answers to a storage command.</summary>
public abstract record RecordAnswer
{
    private RecordAnswer()
    {
    }

    /// <summary>Invalid requests get no answer at all.</summary>
    public sealed record Silence : RecordAnswer;

    /// <summary>A reply that carries a fresh token and closer nodes, or neither.</summary>
    public sealed record Reply(ReadOnlyMemory<byte>? Value, bool WithTokenAndCloserNodes) : RecordAnswer;

    /// <summary>An error with closer nodes and without a token.</summary>
    public sealed record Refusal(StorageError Error) : RecordAnswer;
}
