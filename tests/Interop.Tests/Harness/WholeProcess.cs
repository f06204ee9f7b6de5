namespace AuctionActors.Interop.Tests.Harness;

/// <summary>Tests that measure the memory of the process run while no other test does.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
