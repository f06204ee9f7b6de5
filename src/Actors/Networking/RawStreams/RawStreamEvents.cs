using System.Collections.Immutable;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>Writes the life of a raw stream to the event log, under the name that both of its ends compute.</summary>
internal sealed class RawStreamEvents(IEventRecorder events)
{
    public void Record(EventKind kind, UdxStreamMachine stream, ImmutableArray<PeerAddress> paths, string text)
    {
        (uint lesser, uint greater) = (Math.Min(stream.LocalId, stream.RemoteId), Math.Max(stream.LocalId, stream.RemoteId));
        events.Record(new EventEntry(kind)
        {
            To = paths is [.., PeerAddress address] ? address : null,
            Text = text,
            Correlations = [new Correlation("stream", $"{lesser:x8}-{greater:x8}")],
        });
    }
}
