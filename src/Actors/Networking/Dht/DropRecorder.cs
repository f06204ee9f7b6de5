using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Notes datagrams that were no messages. Of a flood only every thousandth is noted, with the count.</summary>
internal sealed class DropRecorder(PeerRuntime runtime)
{
    private const long NotedSingly = 100;
    private const long NotedEvery = 1000;

    private long _count;

    /// <param name="datagram">The datagram that was handled last.</param>
    /// <param name="count">How many have been dropped until now.</param>
    public void Note(Datagram datagram, long count)
    {
        if (count == _count)
            return;
        _count = count;
        if (count > NotedSingly && count % NotedEvery != 0)
            return;
        bool isStray = PacketCodec.TryPeekStreamId(datagram.Bytes.Span, out uint stream);
        runtime.Events.Record(new EventEntry(EventKind.NetDrop)
        {
            Peer = runtime.Name,
            From = datagram.From,
            Size = datagram.Bytes.Length,
            Text = isStray ? $"no stream {stream} here, {count} dropped so far" : $"malformed, {count} dropped so far",
        });
    }
}
