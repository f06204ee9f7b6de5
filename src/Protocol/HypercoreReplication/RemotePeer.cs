using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>What the other side said of itself; claims, of which nothing is believed without proof.</summary>
internal sealed class RemotePeer(int maxPages)
{
    public BlockSet Blocks { get; } = new(maxPages);

    public bool Synced { get; private set; }

    public long Fork { get; private set; }

    public long Length { get; private set; }

    public bool CanUpgrade { get; private set; }

    public bool Uploading { get; private set; } = true;

    public bool Downloading { get; private set; } = true;

    public bool HasManifest { get; private set; }

    /// <summary>Whether the peer takes blocks that it did not ask for.</summary>
    public bool AllowsPush { get; private set; }

    /// <summary>The length of ours that the peer has heard of, on the same fork.</summary>
    public long LengthAcknowledged { get; private set; }

    public void Update(SyncMessage sync, LocalCore core)
    {
        Synced = true;
        Fork = sync.Fork;
        Length = sync.Length;
        CanUpgrade = sync.CanUpgrade;
        Uploading = sync.Uploading;
        Downloading = sync.Downloading;
        HasManifest = sync.HasManifest;
        AllowsPush = sync.AllowPush;
        LengthAcknowledged = sync.Fork == core.Fork ? sync.RemoteLength : 0;
    }

    /// <summary>What the peer says that it has; a bitfield that does not start at a word is ignored, as upstream does.</summary>
    public void Update(ReplicationMessage message)
    {
        switch (message)
        {
            case RangeMessage { Drop: true } range:
                Blocks.Remove(range.Start, range.Length);
                break;
            case RangeMessage range:
                Blocks.Add(range.Start, range.Length);
                break;
            case BitfieldMessage bitfield when bitfield.Start % 32 == 0:
                Blocks.Replace(bitfield.Start, bitfield.Bits.Span);
                break;
        }
    }
}
