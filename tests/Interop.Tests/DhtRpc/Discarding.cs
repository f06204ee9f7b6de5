using Hyper.Actors.Runtime;

namespace AuctionActors.Interop.Tests.DhtRpc;

/// <summary>Drops what a port receives.</summary>
internal sealed class Discarding : IDatagramReceiver
{
    public void Receive(DatagramBatch batch) => batch.Dispose();
}
