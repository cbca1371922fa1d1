namespace Strata.Testing;

/// <summary>The folder <c>shared</c> beside the repository, with data sets and programs too large to be part of it.</summary>
public static class SharedFolder
{
    /// <summary>
    /// Its path: environment variable STRATA_SHARED, else the nearest folder <c>shared</c> above the repository; null when there is none.
    /// </summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("STRATA_SHARED") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(Repository.Root).Parent; folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "shared") is var shared && Directory.Exists(shared))
            {
                return shared;
            }
        }

        return null;
    }
}
