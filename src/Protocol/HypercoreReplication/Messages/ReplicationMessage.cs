using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>One message of the channel <c>hypercore/alpha</c>.</summary>
public abstract record ReplicationMessage
{
    private protected ReplicationMessage(int type) => Type = type;

    /// <summary>Protomux message type, 0 to 9.</summary>
    public int Type { get; }
}

/// <summary>What a side has and is willing to do; its remote length acknowledges what it heard from the other.</summary>
public sealed record SyncMessage(
    long Fork, long Length, long RemoteLength, bool CanUpgrade, bool Uploading, bool Downloading, bool HasManifest, bool AllowPush = false)
    : ReplicationMessage(0);

/// <summary>Asks for parts of a proof.</summary>
/// <param name="Priority">Above 0 is answered ahead of others.</param>
public sealed record RequestMessage(long Id, long Fork, ProofRequest Parts, bool Manifest = false, long Priority = 0)
    : ReplicationMessage(1);

/// <summary>Takes a request back; an answer may be on its way already.</summary>
public sealed record CancelMessage(long Request) : ReplicationMessage(2);

/// <summary>Answers a request with proven parts.</summary>
public sealed record DataMessage(long Request, MerkleProof Proof) : ReplicationMessage(3);

/// <summary>Answers that a request cannot be met; the reason is sent by version 11 only.</summary>
public sealed record NoDataMessage(long Request, NoDataReason? Reason = null) : ReplicationMessage(4);

/// <summary>Why a request is not met.</summary>
public enum NoDataReason
{
    Unknown = 0,
    NotAvailable = 1,
    InvalidRequest = 2,
}

/// <summary>Asks to be told which blocks of a region the other side has.</summary>
public sealed record WantMessage(long Start, long Length, bool Any = false) : ReplicationMessage(5);

/// <summary>Takes a want back.</summary>
public sealed record UnwantMessage(long Start, long Length, bool Any = false) : ReplicationMessage(6);

/// <summary>Says for each of a run of blocks whether the sender has it, least significant bit first; whole words of 32 bits.</summary>
public sealed record BitfieldMessage(long Start, ReadOnlyMemory<byte> Bits) : ReplicationMessage(7);

/// <summary>Says that the sender has, or no longer has, a run of blocks.</summary>
public sealed record RangeMessage(long Start, long Length, bool Drop = false) : ReplicationMessage(8);

/// <summary>Bytes for a named extension; an empty name repeats the one before.</summary>
public sealed record ExtensionMessage(string Name, ReadOnlyMemory<byte> Payload) : ReplicationMessage(9);
