using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AuctionActors.EventLog.Wire;
using Google.Protobuf;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Querying;

/// <summary>Turns one block of a log back into events.</summary>
public static class BatchReader
{
    /// <summary>False when the block is not a batch or refers to names it does not hold.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, [NotNullWhen(true)] out List<LoggedEvent>? events)
    {
        events = null;
        if (!TryParse(block, out Batch? batch))
            return false;
        List<LoggedEvent> read = new(batch.Events.Count);
        foreach (Event item in batch.Events)
        {
            if (!NamesExist(batch, item))
                return false;
            read.Add(Convert(batch, item, batch.FirstEvent + (ulong)read.Count));
        }

        events = read;
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> block, [NotNullWhen(true)] out Batch? batch)
    {
        try
        {
            batch = Batch.Parser.ParseFrom(block);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            batch = null;
            return false;
        }
    }

    private static bool NamesExist(Batch batch, Event item)
    {
        uint largest = Math.Max(Math.Max(item.Peer, item.Actor), Math.Max(Math.Max(item.From, item.To), item.Type));
        foreach (uint name in item.Correlations)
            largest = Math.Max(largest, name);
        return largest <= batch.Names.Count && item.Correlations.Count % 2 == 0 && item.Message.Length is 0 or 16;
    }

    private static LoggedEvent Convert(Batch batch, Event item, ulong number)
    {
        string? NameOf(uint index) => index == 0 ? null : batch.Names[(int)index - 1];
        Correlation[] correlations = new Correlation[item.Correlations.Count / 2];
        for (int i = 0; i < correlations.Length; i++)
            correlations[i] = new Correlation(NameOf(item.Correlations[2 * i]) ?? "", NameOf(item.Correlations[2 * i + 1]) ?? "");
        long nanoseconds = batch.FirstNs + item.AfterNs;
        return new LoggedEvent(number, TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick), (EventKind)item.Kind)
        {
            Peer = NameOf(item.Peer),
            Actor = NameOf(item.Actor),
            Cause = item.CauseDistance == 0 ? 0 : number - item.CauseDistance,
            Message = item.Message.Length == 0
                ? null
                : new MessageId(BinaryPrimitives.ReadUInt128LittleEndian(item.Message.Span), (ushort)item.Copy),
            From = NameOf(item.From),
            To = NameOf(item.To),
            Type = NameOf(item.Type),
            Size = (int)item.Size,
            Text = item.Text.Length == 0 ? null : item.Text,
            Correlations = correlations,
        };
    }
}
