using Hyper.Actors.Runtime;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary>Drops datagrams; for ports that are bound only to find a free one.</summary>
internal sealed class IgnoringReceiver : IDatagramReceiver
{
    public void Receive(DatagramBatch batch) => batch.Dispose();
}
