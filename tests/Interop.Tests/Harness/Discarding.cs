using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Interop.Tests.Harness;

/// <summary>Drops what a port receives.</summary>
internal sealed class Discarding : IDatagramReceiver
{
    /// <summary>An address on the loopback interface whose port nobody has.</summary>
    public static PeerAddress FreePort(IDatagramPorts ports)
    {
        using IDatagramPort probe = ports.Bind(PeerAddress.Loopback(0), new Discarding());
        return probe.LocalAddress;
    }

    public void Receive(DatagramBatch batch) => batch.Dispose();
}
