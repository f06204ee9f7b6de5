using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>User commands of HyperDHT; every node serves the first two, persistent nodes serve the rest.</summary>
public enum HyperDhtCommand
{
    PeerHandshake = 0,
    PeerHolepunch = 1,
    FindPeer = 2,
    Lookup = 3,
    Announce = 4,
    Unannounce = 5,
    MutablePut = 6,
    MutableGet = 7,
    ImmutablePut = 8,
    ImmutableGet = 9,

    /// <summary>A command of an extension, see <see cref="PluginRequest"/>.</summary>
    Plugin = 10,
}

/// <summary>Error codes of the storage commands.</summary>
public enum StorageError
{
    SequenceReused = 16,
    SequenceTooLow = 17,
}

/// <summary>The form in which dht-rpc carries these commands.</summary>
public static class HyperDhtCommandExtensions
{
    public static DhtCommand ToDht(this HyperDhtCommand command) => DhtCommand.External((ulong)command);
}
