using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Pictures;

internal static class PicturesServices
{
    public static IServiceCollection AddPictures(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PicturesOptions, PicturesOptionsValidator>().BindConfiguration(PicturesOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PicturesOptions>, PictureModelValidator>());
        services.TryAddSingleton<PicturesMetrics>();
        services.TryAddSingleton<PictureEncoder>();
        return services;
    }
}
