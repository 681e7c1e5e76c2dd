# What `cmake --install` puts where, and the Debian package that CPack makes of it.
#   cmake --install build/release --prefix ~/.local
#   (cd build/release && cpack -G DEB)
include(GNUInstallDirs)
# Beside this component there is `library` (src/library/CMakeLists.txt).
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)

# The manual and what shells complete, from the command line's own tables.
set(manual ${PROJECT_BINARY_DIR}/manual)
configure_file(launch/install/changelog.in ${PROJECT_BINARY_DIR}/changelog @ONLY)
add_custom_command(
  OUTPUT ${manual}/man1/rondo.1.gz ${manual}/changelog.gz
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
  COMMAND sh -c "'${PROJECT_SOURCE_DIR}/launch/rondo-run' --help | '$<TARGET_FILE:rondo_manual>' manual"
  COMMAND sh -c "gzip -9n manual/man1/*.1"
  COMMAND sh -c "gzip -9n <changelog >manual/changelog.gz"
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
  DEPENDS rondo_manual launch/rondo-run ${PROJECT_BINARY_DIR}/changelog
  COMMENT "Writing the manual"
  VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual}/man1/rondo.1.gz)

install(TARGETS rondo)
install(DIRECTORY ${manual}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${manual}/bash/rondo
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
set(RONDO_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
    CACHE STRING "Where zsh looks for completions: vendor-completions in Debian, else site-functions")
install(FILES ${manual}/zsh/_rondo DESTINATION ${RONDO_ZSH_COMPLETIONS})

# rondo-run and the job scripts find what they share beside them, and rondo in bin of the same prefix.
set(scripts ${CMAKE_INSTALL_DATADIR}/rondo/launch)
install(PROGRAMS launch/rondo-run DESTINATION ${scripts})
install(FILES launch/job.sh launch/json.sh DESTINATION ${scripts})
file(GLOB jobs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/launch/slurm/*.sbatch)
install(PROGRAMS launch/slurm/train ${jobs} DESTINATION ${scripts}/slurm)
install(FILES launch/slurm/README.md DESTINATION ${scripts}/slurm)
install(
  CODE "
  set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  file(MAKE_DIRECTORY \"\${folder}\")
  file(CREATE_LINK ../${scripts}/rondo-run \"\${folder}/rondo-run\" SYMBOLIC)")

# For `module use PREFIX/share/modulefiles`: of no use in /usr.
configure_file(launch/install/modulefile.in ${PROJECT_BINARY_DIR}/modulefile @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/modulefile RENAME ${PROJECT_VERSION}
        COMPONENT modulefile DESTINATION ${CMAKE_INSTALL_DATADIR}/modulefiles/rondo)

install(FILES src/apps/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES launch/install/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${manual}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})

# A package of the program alone.
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};rondo;program;/")
set(CPACK_PACKAGE_NAME rondo)
set(CPACK_PACKAGE_CONTACT "rondo's authors <rondo@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "distributed training of recurrent neural networks")
set(CPACK_PACKAGE_DESCRIPTION
    "Trains recurrent networks (language, classes, tags, forecasts, translation,
speech, printed lines) on the cores of one machine or, under mpirun or srun,
of many, with the same bits wherever it runs, and goes on from its HDF5
checkpoints.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES TRUE)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/launch/install/open_folders.cmake)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS TRUE)
set(CPACK_DEBIAN_PACKAGE_DEPENDS mpi-default-bin)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS openssh-client)
include(CPack)
