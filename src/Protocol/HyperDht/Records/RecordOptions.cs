namespace Hyper.Protocol.HyperDht.Records;

/// <summary>Limits of what a node stores for others.</summary>
public sealed record RecordOptions
{
    public static RecordOptions Default { get; } = new();

    /// <summary>Announcements over all topics; also the limit of forwards, refreshes and bumps each.</summary>
    public int MaxAnnouncements { get; init; } = 65536;

    /// <summary>Nominal lifetime; generations turn after two thirds of it, so that a record lives for two to four thirds.</summary>
    public TimeSpan AnnouncementLifetime { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Entries of the mutable and of the immutable store each.</summary>
    public int MaxValues { get; init; } = 32768;

    public TimeSpan ValueLifetime { get; init; } = TimeSpan.FromHours(48);

    /// <summary>Records in one lookup reply.</summary>
    public int MaxRecordsPerReply { get; init; } = 20;

    /// <summary>Relay addresses kept of one record.</summary>
    public int MaxRelayAddresses { get; init; } = 3;

    /// <summary>How far ahead of our clock a bump may lie.</summary>
    public TimeSpan MaxBumpDrift { get; init; } = TimeSpan.FromSeconds(60);
}
