namespace Strata.Testing;

/// <summary>Where the sources lie.</summary>
public static class Repository
{
    private const string Marker = "Streaming.sln";

    /// <summary>Root folder: the nearest one above the tests' binaries, or the current directory, with the solution in it.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Directory.GetCurrentDirectory())
        ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}.");

    private static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
