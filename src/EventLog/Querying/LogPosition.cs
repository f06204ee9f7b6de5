namespace AuctionActors.EventLog.Querying;

/// <summary>A place in a log: the number of its last event and that event's time since the log's beginning.</summary>
public readonly record struct LogPosition(ulong Count, TimeSpan Time);
