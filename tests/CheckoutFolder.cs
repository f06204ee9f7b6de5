namespace AuctionActors.Tests;

/// <summary>The checkout that the tests run from.</summary>
internal static class CheckoutFolder
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuctionActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("this must run inside a checkout of the project");
    }
}
