namespace AuctionActors.Interop.Tests.Harness;

/// <summary>Where the checkout that the tests run from keeps its parts.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>Folder of the JavaScript peers; <c>npm ci</c> has been run in it.</summary>
    public static string Peers => Path.Combine(Root, "tests", "Interop.Tests", "Peers");

    public static string Vectors => Path.Combine(Root, "tests", "Interop.Tests", "Vectors");

    public static string Fixtures => Path.Combine(Root, "tests", "Interop.Tests", "Fixtures");

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuctionActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests must run inside a checkout of the project");
    }
}
